"""What to install for a module that is not there: many packages have another name than what they bring."""

from __future__ import annotations

_OTHERS = {
    "attr": "attrs",
    "bs4": "beautifulsoup4",
    "Crypto": "pycryptodome",
    "cv2": "opencv-python",
    "dateutil": "python-dateutil",
    "decouple": "python-decouple",
    "docx": "python-docx",
    "dotenv": "python-dotenv",
    "fitz": "PyMuPDF",
    "git": "GitPython",
    "google.protobuf": "protobuf",
    "jose": "python-jose",
    "jwt": "PyJWT",
    "ldap": "python-ldap",
    "magic": "python-magic",
    "MySQLdb": "mysqlclient",
    "mysql": "mysql-connector-python",
    "OpenSSL": "pyOpenSSL",
    "PIL": "Pillow",
    "pkg_resources": "setuptools",
    "pptx": "python-pptx",
    "psycopg2": "psycopg2-binary",
    "pymysql": "PyMySQL",
    "serial": "pyserial",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "slugify": "python-slugify",
    "socketio": "python-socketio",
    "sqlalchemy": "SQLAlchemy",
    "telegram": "python-telegram-bot",
    "wtforms": "WTForms",
    "yaml": "PyYAML",
}
_EXTENSIONS = (
    "Flask-Admin Flask-APScheduler Flask-Assets Flask-Bcrypt Flask-Bootstrap Flask-Caching Flask-CKEditor "
    "Flask-Cors Flask-DebugToolbar Flask-Dropzone Flask-HTTPAuth Flask-JWT-Extended Flask-Limiter "
    "Flask-Login Flask-Mail Flask-MailMan Flask-Marshmallow Flask-Migrate Flask-Moment Flask-MySQLdb "
    "Flask-MonitoringDashboard Flask-PyMongo Flask-RESTful flask-restx Flask-Security-Too Flask-Session "
    "Flask-SocketIO Flask-SQLAlchemy Flask-Talisman Flask-Uploads Flask-User Flask-WTF"
)
_BY_MODULE = {name.lower().replace("-", "_"): name for name in _EXTENSIONS.split()} | {
    "flask_security": "Flask-Security-Too",
    "flask_uploads": "Flask-Reuploaded",
    "flask_bootstrap": "Bootstrap-Flask",
}


def distribution(module: str) -> str:
    """The package that brings a module: ``yaml`` is in ``PyYAML``."""
    top = module.partition(".")[0]
    known = _OTHERS.get(module) or _OTHERS.get(top) or _BY_MODULE.get(top.lower())
    if known:
        return known
    words = top.split("_")
    if words[0] == "flask" and len(words) > 1:
        return "-".join(word.capitalize() for word in words)
    return top.replace("_", "-")
